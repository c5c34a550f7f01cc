import { afterEach, describe, expect, test } from 'vitest';
import { BARE, PULL, PUSH, start, stopAll } from './client.ts';

afterEach(stopAll);

const COMMANDS = ['composePersistence.showSteps', 'composePersistence.openDocumentation', 'composePersistence.verify'];

describe('initialize', () => {
  test('tells an editor that can everything what the server does', async () => {
    const client = await start({ capabilities: PULL });
    expect(client.result?.serverInfo?.name).toBe('compose-persistence');
    expect(client.result?.capabilities).toEqual({
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: 2, save: true },
      diagnosticProvider: { identifier: 'persistence', interFileDependencies: true, workspaceDiagnostics: false },
      codeActionProvider: { codeActionKinds: ['quickfix', 'source.fixAll.composePersistence'] },
      executeCommandProvider: { commands: COMMANDS, workDoneProgress: true },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    });
    await client.until(() => client.registered.length === 2);
    expect(client.registered).toEqual(['workspace/didChangeConfiguration', 'workspace/didChangeWatchedFiles']);
  });

  test('offers no pull diagnostics to an editor that only takes pushed ones', async () => {
    const client = await start({ capabilities: PUSH });
    expect(client.result?.capabilities.diagnosticProvider).toBeUndefined();
  });

  test('offers an editor that declares nothing what needs nothing, and registers nothing', async () => {
    const client = await start({ capabilities: BARE });
    expect(client.result?.capabilities).toEqual({
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: 2, save: true },
      executeCommandProvider: { commands: COMMANDS, workDoneProgress: true },
    });
    await client.quiet();
    expect(client.registered).toEqual([]);
  });

  test('leaves the commands to an editor that announces them', async () => {
    const client = await start({ initializationOptions: { commands: COMMANDS } });
    expect(client.result?.capabilities.executeCommandProvider?.commands).toEqual([]);
  });

  test.each([null, 7, 'x', [], { commands: 3 }, { commands: [1, null] }])(
    'takes initialization options that are something else: %j',
    async (initializationOptions) => {
      const client = await start({ initializationOptions });
      expect(client.result?.capabilities.executeCommandProvider?.commands).toEqual(COMMANDS);
    },
  );
});
