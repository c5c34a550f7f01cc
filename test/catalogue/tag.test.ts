import { describe, expect, test } from 'vitest';
import { readTag } from '../../server/catalogue/tag.ts';

describe('the version in a tag', () => {
  test.each<[string | null, string | null]>([
    [null, null],
    ['latest', null],
    ['stable', null],
    ['alpine', null],
    ['bookworm', null],
    ['bookworm-slim', null],
    ['alpine3.19', null],
    ['lts-jdk17', null],
    ['jdk-17', null],
    ['debian-12', null],
    ['latest-debian-12-r5', null],
    ['bookworm-20240110', null],
    ['fpm-alpine', null],
    ['php8.2-apache', null],
    ['sha-1234567', null],
    ['nightly', null],
    ['pg16', null],
    ['16', '16'],
    ['16.3', '16.3'],
    ['16.3-alpine', '16.3'],
    ['16-bookworm', '16'],
    ['7-management', '7'],
    ['3.13-management-alpine', '3.13'],
    ['0.5.23', '0.5.23'],
    ['v1.2.3', '1.2.3'],
    ['16-3.4', '16'],
    ['2.x', '2'],
    ['1.0.0rc1', '1.0.0'],
    ['4.2.0.Final', '4.2.0'],
    ['2.440.3-lts-jdk17', '2.440.3'],
    ['2022-CU12-ubuntu-22.04', '2022'],
    ['2019-latest', '2019'],
    ['version-4.0.0.1', '4.0.0.1'],
    ['stable-2.3', '2.3'],
    ['16.3.0-debian-12-r5', '16.3.0'],
    ['6.4-php8.2-apache', '6.4'],
    ['17.0.1_12-jdk', '17.0.1'],
    ['24.04', '24.04'],
    ['5.15-community', '5.15'],
    ['RELEASE.2024-01-16T16-07-38Z', '2024.01.16'],
    ['RELEASE.2024-01-16T16-07-38Z-cpuv1', '2024.01.16'],
    ['2024-01-16', '2024.01.16'],
  ])('%s says %s', (tag, version) => {
    expect(readTag(tag).version).toBe(version);
  });

  test.each([
    ['pg16', '16'],
    ['pg16.3-ts2.15', '16.3'],
    ['latest-pg16', '16'],
    ['2.x-pg16', '16'],
    ['2.14.2-pg17', '17'],
    ['0.8.0-pg17-trixie', '17'],
    ['pg14-v0.2.0', '14'],
    ['16-3.4', '16'],
    ['14-vectorchord0.4.3-pgvectors0.2.0', '14'],
    ['15.1.0.147', '15.1.0.147'],
    ['latest', null],
  ])('of an image with PostgreSQL in it: %s says %s', (tag, version) => {
    expect(readTag(tag, true).version).toBe(version);
  });
});

describe('the flavours in a tag', () => {
  test.each<[string | null, string[]]>([
    [null, []],
    ['16', []],
    ['16.3-alpine3.19', ['alpine3.19', 'alpine']],
    ['7-management-alpine', ['management', 'alpine']],
    ['1.22.3-rootless', ['rootless']],
    ['11-ubi9', ['ubi9', 'ubi']],
    ['26-dind', ['dind']],
    ['v1.2.3-unprivileged', ['unprivileged']],
    ['RELEASE.2024-01-16T16-07-38Z-cpuv1', ['t16', 't', 'cpuv1', 'cpuv']],
    ['latest', ['latest']],
  ])('%s has %j', (tag, flavours) => {
    expect(readTag(tag).flavours).toEqual(flavours);
  });
});
