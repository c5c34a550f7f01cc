/** What the path of a file says about how it is used. Paths are relative to the folder that is linted. */

const TEST_PATH =
  /(^|[._/-])(tests?|testing|ci|e2e|integration|spec|bench)([._/-]|$)|(^|\/)\.(github|circleci)\/|(^|\/)\.gitlab-ci|testcontainers/i;
/** Folders that hold what tests run on. A program may be called Playwright: only its folder in a project is one of tests. */
const TEST_FOLDER = /(^|\/)(suites|testdata|testsuite|playwright|cypress)\//i;
const ASIDE = /(^|\/)(demos?|demo[_-][^/]*|playgrounds?|archived?|attic|deprecated)\//i;
const DEVELOPMENT_NAME = /(override|dev|local)/i;
const DEVELOPMENT_FOLDER = /(^|\/)\.devcontainer\//i;

export const isTestPath = (path: string): boolean => TEST_PATH.test(path) || TEST_FOLDER.test(path);

export const isDevelopmentPath = (path: string): boolean =>
  DEVELOPMENT_NAME.test(path.split('/').at(-1) ?? path) || DEVELOPMENT_FOLDER.test(path);

/** Shows how something is put together and is thrown away afterwards, or was put away and is no longer run. */
export const isAsidePath = (path: string): boolean => ASIDE.test(path);

/** A pipeline is CI by its place; what of it runs on machines that last is for the rules on scripts to tell. */
export const isPipelinePath = (path: string): boolean =>
  /(^|\/)\.(github|gitea|forgejo)\/(workflows|actions)\/.*\.ya?ml$|\.gitlab-ci\.ya?ml$/i.test(path);
