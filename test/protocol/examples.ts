/** Texts that several protocol tests use. The image is unknown to the catalogue: what is found is what is meant. */

/** One `undeclared-volume` at 4:8-4:16, with a safe fix. */
export const UNDECLARED = `services:
  app:
    image: example/app:1.2
    volumes:
      - app_data:/data
`;

export const DECLARED = `${UNDECLARED}
volumes:
  app_data:
`;

export const UNDECLARED_MESSAGE =
  'the volume app_data is not declared: Compose refuses to start until it stands in the top-level volumes';

export const UNDECLARED_BRIEF = `undeclared-volume 1 4:8-4:16 ${UNDECLARED_MESSAGE}`;

/** One `missing-volume` at 1:2-1:9, with a fix that needs existing data to be moved. */
export const QDRANT = `services:
  vectors:
    image: qdrant/qdrant:v1.12.0
`;

export const at = (line: number, character: number) => ({
  start: { line, character },
  end: { line, character },
});

export const span = (line: number, from: number, to: number) => ({
  start: { line, character: from },
  end: { line, character: to },
});
