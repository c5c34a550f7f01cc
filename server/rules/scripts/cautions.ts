/** What a text says when it says that data goes, in the languages that documentation is written in. */

const ENGLISH =
  /\b(never|don'?t|do not|warning|caution|careful|danger\w*|attention|beware|destroys?|destroying|destructive|irreversibl[ey]|wip(e|es|ing)|eras(e|es|ing)|delet(e|es|ing|ed)|los(e|es|t|ing)|purg(e|es|ing)|clear(s|ing)?\b.{0,40}\b(data|databases?|volumes?|everything)|scratch|reset\w*|clean\w*|fresh|start(ing)? over|remov(e|es|ed|ing)\b.{0,60}\b(data|databases?|volumes?|everything|all)|with(out)? (the )?volumes?|and volumes?|volumes? (too|as well)|including (the )?(data|volumes?))\b|⚠|❗|🚨|💣/i;

/** Scripts without spaces between the words: a part of the text is enough. */
const UNSPACED = [
  // Chinese, simplified and traditional.
  '慎用|谨慎|謹慎|注意|警告|当心|當心|小心|危险|危險|切勿|请勿|請勿|不要|删除|刪除|删掉|刪掉|移除|清空|清除|清理|抹除|销毁|銷毀|重置|丢失|丟失|丢弃|不可逆|不可恢复|无法恢复|重新开始|从头开始|数据卷也|连同数据',
  // Japanese.
  '削除|消去|消える|消えます|消し|初期化|リセット|クリア|やり直|破棄|失われ|ご注意|ボリュームも',
  // Korean.
  '주의|경고|위험|삭제|지워|초기화|제거|리셋|사라지|사라집|잃',
  // Thai.
  'คำเตือน|ระวัง|ลบข้อมูล|ลบทั้งหมด|จะลบ',
].join('|');

/** Beginnings of words. */
const BEGINNINGS = [
  // Russian and Ukrainian.
  'осторожно|внимание|предупрежд|опасно|удал[яеи]|удалё|стир|сотр[её]|очист|очищ|сброс|сбрас|потер[яи]|уничтож|никогда|начать заново|с нуля|обережно|увага|видал|знищ|скин|втрат|попередж',
  // Spanish and Portuguese.
  'cuidado|atención|atenção|aviso|advertencia|advertência|peligro|perigo|precaución|nunca|borra|borr[eo]|elimin|destru[iy]|limpi[ae]|limpar?\\b|limpeza|restablec|reinici[ae]r? todo|apag[auo]|exclu[ií]|remover\\b|remoção|remueve|perd[eai]|pierd',
  // French.
  'prudence|avertissement|danger|jamais|supprim|effac|détrui|perd[ure]|nettoy|réinitialis|repartir de zéro|irréversible',
  // German.
  'vorsicht|achtung|warnung|gefahr|niemals|lösch|gelöscht|entfern\\p{L}*.{0,60}(?:daten|volume|alles)|zerstör|verlor|verlier|bereinig|aufräum|zurücksetz|zurückgesetzt|unwiderruflich|von vorne',
  // Italian.
  'attenzione|avvertenza|pericolo|cancell|ripuli|azzer',
  // Polish, Czech and Turkish.
  'uwaga|ostrożnie|ostrzeżenie|usuw|usuń|usuni|kasuj|wyczyś|utrat|pozor|varování|smaže|smazat|odstran|vymaž|dikkat|uyarı|silin|temizle|sıfırla',
  // Dutch, Vietnamese and Indonesian.
  'let op|voorzichtig|waarschuwing|verwijder|opschon|cảnh báo|cẩn thận|xóa|xoá|hati-hati|peringatan|hapus|menghapus',
].join('|');

const OTHERS = new RegExp(`${UNSPACED}|(?<![\\p{L}\\p{N}_])(?:${BEGINNINGS})`, 'iu');

/** In any language: that data goes, or that somebody should take care. */
export const saysSo = (text: string): boolean => ENGLISH.test(text) || OTHERS.test(text);

const WARNS = /\b(never|don'?t|do not|warning|caution|careful|danger)\b|⚠/i;

/** Only what warns, and not what tells what is done. */
const WARNS_IN_OTHERS = new RegExp(
  '慎用|谨慎|謹慎|注意|警告|当心|當心|小心|危险|危險|切勿|请勿|請勿|주의|경고|위험|' +
    '(?<![\\p{L}\\p{N}_])(?:осторожно|внимание|предупрежд|опасно|никогда|обережно|увага|cuidado|atención|atenção|advertencia|advertência|aviso|peligro|perigo|nunca|prudence|avertissement|jamais|vorsicht|achtung|warnung|gefahr|niemals|attenzione|avvertenza|pericolo|uwaga|ostrożnie|ostrzeżenie|pozor|dikkat|let op|voorzichtig|waarschuwing)',
  'iu',
);

export const warns = (text: string): boolean => WARNS.test(text) || WARNS_IN_OTHERS.test(text);
