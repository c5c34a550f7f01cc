/** Texts in several languages that say, or do not say, what a command takes along. */
import { describe, expect, test } from 'vitest';
import { saysSo, warns } from '../../../server/rules/scripts/cautions.ts';

describe('a text that says that data goes', () => {
  for (const text of [
    'this deletes the data',
    '慎用',
    '會清空資料庫',
    'データは失われます',
    '데이터가 삭제됩니다',
    'Удаляет все данные',
    'внимание!',
    'УДАЛИТЬ',
    'увага',
    '¡Cuidado!',
    'esto elimina los datos',
    'apaga tudo',
    'Löscht auch die Volumes',
    'die Daten gehen verloren',
    'efface les données',
    'réinitialise la base',
    'cancella tutto',
    'usuwa dane',
    'verileri silinir, dikkat',
    'xóa dữ liệu',
    'akan menghapus data',
  ])
    test(text, () => expect(saysSo(text)).toBe(true));
});

describe('a text that does not', () => {
  for (const text of [
    'stops the containers',
    'remove the containers',
    '停止并重新启动服务',
    'コンテナを止める',
    '컨테이너를 멈춥니다',
    'сотрудники запускают сервис',
    'останавливает контейнеры',
    'detiene los contenedores',
    'para os contêineres',
    'hält die Container an',
    'auf einem entfernten Rechner',
    'arrête les conteneurs',
    'ferma i container',
    'zatrzymuje kontenery',
    'konteynerleri durdurur',
  ])
    test(text, () => expect(saysSo(text)).toBe(false));
});

test('a warning is more than what is done', () => {
  expect(warns('Vorsicht: danach ist alles leer')).toBe(true);
  expect(warns('慎用')).toBe(true);
  expect(warns('löscht die Volumes')).toBe(false);
  expect(warns('删除数据卷')).toBe(false);
});
