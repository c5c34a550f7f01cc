/** How deep a verification goes, in the words that people choose by. */
import { type Memento, type QuickPickItem, type Uri, window, workspace } from 'vscode';
import type { VerifyLevel } from '../server/protocol.ts';

interface Question {
  readonly title: string;
  readonly detail: string;
  readonly yes: string;
}

interface LevelItem extends QuickPickItem {
  readonly level: VerifyLevel;
  /** Asked before anything is written. */
  readonly question?: (project: string) => Question;
}

const ITEMS: readonly LevelItem[] = [
  {
    level: 'inspect',
    label: 'Look from outside',
    detail: 'Compares mounts and files with the predictions. Nothing is run in a container.',
  },
  {
    level: 'read',
    label: 'Ask the servers',
    detail: 'Also asks each running server where it writes and what it holds. Nothing is written.',
  },
  {
    level: 'probe',
    label: 'Plant and remove a marked record',
    detail: 'Also writes one record to each running server, reads it back and removes it.',
    question: (project) => ({
      title: `Plant a marked record in each running server of ${project}?`,
      detail:
        'The record has a name of its own. It is read back and then removed, also after a failure or a cancellation. Nothing else is written.',
      yes: 'Plant and Remove',
    }),
  },
  {
    level: 'drill',
    label: 'Drill in a scratch copy',
    detail: 'Restarts, recreates and takes down a copy of the project. Its own data is not touched.',
    question: (project) => ({
      title: `Drill a scratch copy of ${project}?`,
      detail:
        'The copy runs beside the project on the same engine, with names, volumes, networks and ports of its own. It is restarted, recreated and taken down, and then removed. The containers and volumes of the project are not touched.',
      yes: 'Start the Drill',
    }),
  },
];

const LAST = 'verify.level';

const isLevel = (value: unknown): value is VerifyLevel => ITEMS.some(({ level }) => level === value);

/** What the setting says for this file. */
export function usualLevel(uri: Uri): VerifyLevel {
  const level = workspace.getConfiguration('composePersistence.verify', uri).get('level');
  return isLevel(level) ? level : 'inspect';
}

/** The one that was picked last in this workspace is offered first. */
export async function pickLevel(uri: Uri, memory: Memento): Promise<VerifyLevel | undefined> {
  const last: unknown = memory.get(LAST);
  const first = isLevel(last) ? last : usualLevel(uri);
  const picked = await pickFrom(ITEMS, ({ level }) => level === first);
  if (picked) await memory.update(LAST, picked.level);
  return picked?.level;
}

function pickFrom(items: readonly LevelItem[], isFirst: (item: LevelItem) => boolean): Promise<LevelItem | undefined> {
  const picker = window.createQuickPick<LevelItem>();
  picker.title = 'Verify persistence';
  picker.placeholder = 'How to look';
  picker.items = items;
  picker.activeItems = items.filter(isFirst);
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.activeItems[0]);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

/** False: it was called off. */
export async function isConfirmed(level: VerifyLevel, project: string): Promise<boolean> {
  const question = ITEMS.find((item) => item.level === level)?.question?.(project);
  if (!question) return true;
  const { title, detail, yes } = question;
  return (await window.showWarningMessage(title, { modal: true, detail }, yes)) === yes;
}
