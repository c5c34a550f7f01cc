/** Files that are read to learn which files of the application are started, by their names. */

/** Shell scripts, and what package managers and supervisors read. */
const STARTS =
  /\.(?:sh|bash)$|(?:^|\/)(?:package\.json|pyproject\.toml|Procfile|supervisor[^/]*\.(?:conf|ini))$|\/supervisor\/[^/]*(?:\/[^/]*)?\.conf$|(?:^|\/)[\w-]*(?:entry|start|run|boot|launch|serve)[\w-]*$/;

/** Files that may start code, and are none of an installed package. */
export const mayStart = (file: string): boolean =>
  STARTS.test(file) && !/\/(?:node_modules|site-packages|\.venv|venv|\.git)\//.test(file);
