/** `report --format json`: other programs rely on it, see the contract in the documentation. */
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { locationOf, type Place } from '../place.ts';
import { filesOf, REPORTED, type ReportInput } from './report-model.ts';

export const reportJson = ({ projects, errors, place }: ReportInput): string =>
  `${JSON.stringify({
    schema: 1,
    projects: projects.map((analysed) => projectJson(analysed, place)),
    ...(errors.length > 0 ? { errors: errors.map(({ file, message }) => ({ file: file ?? '', message })) } : {}),
  })}\n`;

const projectJson = (analysed: AnalysedProject, place: Place) => ({
  name: analysed.project.name,
  files: filesOf(analysed, place),
  services: analysed.services.map((service) => serviceJson(service, place)),
});

const serviceJson = ({ service, stores }: AnalysedService, place: Place) => ({
  name: service.name,
  image: service.image?.value ?? null,
  stores: stores.map((store) => storeJson(store, place)),
});

const storeJson = ({ store, backing, fate }: AnalysedStore, place: Place) => ({
  technology: store.technology,
  path: store.path,
  ...(store.path === null && store.unknown !== undefined ? { unknown: store.unknown } : {}),
  kind: store.kind,
  backing: {
    type: backing.type,
    ...(backing.source === undefined ? {} : { source: backing.source }),
    ...(backing.target === undefined ? {} : { target: backing.target }),
  },
  fate: Object.fromEntries(REPORTED.map((event) => [event, fate[event]])),
  evidence: store.evidence.map(({ from, span, note }) => ({
    from,
    ...(span ? locationOf(span, place) : {}),
    note,
  })),
});
