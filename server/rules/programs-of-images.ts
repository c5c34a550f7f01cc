/** Where published images have their program, as their Dockerfiles tell. By catalogue id. */

export interface ProgramFolder {
  readonly folder: string;
  /** A part of the program in it, for the message. */
  readonly part: string;
}

/** Only folders that a new image brings anew; where the server keeps its data, the catalogue says. */
export const PROGRAM_FOLDERS: Readonly<Record<string, ProgramFolder>> = {
  // GF_PATHS_HOME in grafana/grafana Dockerfile: bin, conf and public
  grafana: { folder: '/usr/share/grafana', part: 'bin' },
  // keycloak/keycloak quarkus/container/Dockerfile
  keycloak: { folder: '/opt/keycloak', part: 'bin/kc.sh' },
  // elastic/elasticsearch distribution/docker/src/docker/Dockerfile
  elasticsearch: { folder: '/usr/share/elasticsearch', part: 'bin/elasticsearch' },
  // metabase/metabase Dockerfile
  metabase: { folder: '/app', part: 'metabase.jar' },
};
