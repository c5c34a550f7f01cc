/** What the path of a file says about how it is used. Paths are relative to the folder that is linted. */
import * as path from 'node:path';

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

/** `docker compose up` takes it along, without being told, where a base is beside it. */
const LOADED_BY_ITSELF = /^(docker-)?compose\.override\.ya?ml$/;
const BASE = /^(docker-)?compose\.ya?ml$/;
/** Where there is one of these, people name their files in production, and leave the override to those who develop. */
const PRODUCTION = /^(docker-)?compose[._-](prod|production|live|deploy|server)\b.*\.ya?ml$/;

/** An override that is a part of what everybody starts. All paths are absolute. */
export function isLoadedByItself(
  file: string,
  project: readonly string[],
  list: (folder: string) => string[],
): boolean {
  const folder = path.posix.dirname(file);
  return (
    LOADED_BY_ITSELF.test(path.posix.basename(file)) &&
    project.some((one) => path.posix.dirname(one) === folder && BASE.test(path.posix.basename(one))) &&
    !list(folder).some((name) => PRODUCTION.test(name))
  );
}

/** Shows how something is put together and is thrown away afterwards, or was put away and is no longer run. */
export const isAsidePath = (path: string): boolean => ASIDE.test(path);

/** A pipeline is CI by its place; what of it runs on machines that last is for the rules on scripts to tell. */
export const isPipelinePath = (path: string): boolean =>
  /(^|\/)\.(github|gitea|forgejo)\/(workflows|actions)\/.*\.ya?ml$|\.gitlab-ci\.ya?ml$/i.test(path);
