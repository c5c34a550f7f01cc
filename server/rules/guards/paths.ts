/** What the path of a file says about how it is used. Paths are relative to the folder that is linted. */

const TEST_PATH =
  /(^|[._/-])(tests?|testing|ci|e2e|integration|spec|bench)([._/-]|$)|(^|\/)\.(github|circleci)\/|(^|\/)\.gitlab-ci|testcontainers/i;
const DEVELOPMENT_NAME = /(override|dev|local)/i;
const DEVELOPMENT_FOLDER = /(^|\/)\.devcontainer\//i;

export const isTestPath = (path: string): boolean => TEST_PATH.test(path);

export const isDevelopmentPath = (path: string): boolean =>
  DEVELOPMENT_NAME.test(path.split('/').at(-1) ?? path) || DEVELOPMENT_FOLDER.test(path);

/** A pipeline is CI by its place; what of it runs on machines that last is for the rules on scripts to tell. */
export const isPipelinePath = (path: string): boolean =>
  /(^|\/)\.(github|gitea|forgejo)\/(workflows|actions)\/.*\.ya?ml$|\.gitlab-ci\.ya?ml$/i.test(path);
