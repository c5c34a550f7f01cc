// "Verify persistence" as a person meets it: from the palette and the code lens, without an engine, with one that hangs
// and with a real one.
import assert from 'node:assert/strict';
import { AT, openFile, runCommand, webviewText } from './workbench.mjs';

const SEEN = {
  lens: '.codelens-decoration a',
  toast: '.notification-toast',
  progress: '.notification-toast .monaco-progress-container.active',
  dialog: '.monaco-dialog-box',
};

const FILE = 'compose.yaml';
const COMMAND = 'Compose Persistence: Verify persistence';

const toast = (page, text) => page.locator(SEEN.toast, { hasText: text });

async function verify(page, level) {
  await runCommand(page, COMMAND);
  // What the pointer would rest on shows a hint over the list.
  await page.mouse.move(400, 700);
  const row = page.locator(AT.picker, { hasText: level });
  await row.waitFor();
  return row;
}

async function clearToasts(page) {
  await runCommand(page, 'Notifications: Clear All Notifications');
  await page.locator(SEEN.toast).first().waitFor({ state: 'detached' });
}

/** Settings of the machine take effect a moment after they are written. */
async function useEngine({ page, server }, address) {
  server.configure({ 'composePersistence.engine.host': address });
  await page.waitForTimeout(2000);
}

/** @param nowhere the address in DOCKER_HOST, where nothing is */
export const withoutEngine = ({ nowhere, hanging, project }) => ({
  async 'code lenses stand over the services'({ page }) {
    await openFile(page, FILE);
    const lenses = page.locator(SEEN.lens, { hasText: 'Verify persistence' });
    // They are drawn anew when the settings have been read.
    for (const end = Date.now() + 60_000; (await lenses.count()) !== 3; await page.waitForTimeout(100)) {
      assert.ok(Date.now() < end, `there are ${await lenses.count()}`);
    }
  },

  async 'the palette asks how to look'({ page }) {
    await verify(page, 'Look from outside');
    for (const level of ['Ask the servers', 'Plant and remove', 'Drill in a scratch copy']) {
      await page.locator(AT.picker, { hasText: level }).waitFor();
    }
  },

  // The workspace names an engine of its own in its settings: that must not count.
  async 'without an engine, the message says what to do'({ page }) {
    await page.locator(AT.picker, { hasText: 'Look from outside' }).click();
    const message = toast(page, `There is nothing at ${nowhere}. Start the engine, or name another one.`);
    await message.waitFor();
    assert.match(await message.textContent(), /chosen by DOCKER_HOST/);
    await message.getByText('Engine Settings').waitFor();
  },

  async 'a verification that hangs shows its progress'(scene) {
    const { page } = scene;
    await clearToasts(page);
    await useEngine(scene, hanging);
    await (await verify(page, 'Look from outside')).click();
    await toast(page, `Verifying ${project}`).waitFor();
  },

  async 'and can be cancelled'({ page }) {
    await toast(page, `Verifying ${project}`).getByText('Cancel').click();
    await page.locator(SEEN.toast).waitFor({ state: 'detached' });
  },

  async 'planting a record asks first, and names the project'({ page }) {
    await (await verify(page, 'Plant and remove')).click();
    const dialog = page.locator(SEEN.dialog);
    await dialog.waitFor();
    assert.match(await dialog.textContent(), new RegExp(`in each running server of ${project}\\?`));
  },

  async 'and does nothing when it is called off'({ page }) {
    await page.locator(SEEN.dialog).getByRole('button', { name: 'Cancel' }).click();
    await page.locator(SEEN.dialog).waitFor({ state: 'detached' });
    await page.waitForTimeout(500);
    assert.equal(await page.locator(SEEN.toast).count(), 0);
  },
});

/** @param engine the address of a real one, on which the project runs */
export const withEngine = ({ engine, project }) => ({
  async 'the palette verifies on a real engine, with progress'(scene) {
    const { page } = scene;
    await useEngine(scene, engine);
    await (await verify(page, 'Ask the servers')).click();
    await toast(page, `Verifying ${project}`).waitFor();
    await toast(page, 'Inspecting').waitFor();
  },

  async 'the result is summed up'({ page }) {
    await toast(page, `${project}: 1 NOT PERSISTED, 1 SAFE of 2 stores`).waitFor();
  },

  async 'what was found is shown at the service'({ page }) {
    await page.keyboard.press('Control+Shift+M');
    const row = page.locator(AT.problem, { hasText: 'persistence (live)' }).first();
    await row.waitFor();
    assert.match(await row.textContent(), /It is in memory and gone at every stop.*data-on-tmpfs.*\[Ln 10, Col 3\]/);
  },

  async 'the report says why'({ page }) {
    await page.keyboard.press('Control+j');
    await toast(page, 'of 2 stores').getByText('Show Report').click();
    const text = await webviewText(page, `Persistence of ${project}`);
    for (const part of [
      'NOT PERSISTED: queue, Redis',
      'SAFE: cache, Redis',
      'a tmpfs',
      `${project}_cache_data`,
      'It has 1 key',
    ]) {
      assert.ok(text.includes(part), `"${part}" in\n${text}`);
    }
  },

  async 'what was found goes when the file changes'({ page }) {
    await openFile(page, FILE);
    await page.keyboard.press('Control+Shift+M');
    await page.locator(AT.problem, { hasText: 'persistence (live)' }).first().waitFor();
    await page.locator(AT.line, { hasText: 'cache_data:/data' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type(' # changed');
    await page.locator(AT.problem, { hasText: 'persistence (live)' }).first().waitFor({ state: 'detached' });
  },

  async 'a code lens verifies its service'({ page }) {
    await page.locator(SEEN.lens, { hasText: 'Verify persistence' }).last().click();
    await toast(page, `${project}: 1 NOT PERSISTED of 1 store`).waitFor();
  },
});
