/** Severities in order, worst first, and moves along it. */
import { SEVERITIES, type Severity } from '../rule.ts';

export const lower = (severity: Severity, by = 1): Severity =>
  SEVERITIES[Math.min(SEVERITIES.indexOf(severity) + by, SEVERITIES.length - 1)]!;

export const atMost = (severity: Severity, limit: Severity): Severity =>
  SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(limit) ? limit : severity;
