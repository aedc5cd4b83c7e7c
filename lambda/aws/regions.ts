/**
 * AWS regions by the form of their names: a geography, a point of the compass, a number. No list is kept, since
 * a new region must work on its first day; but nothing can stand in a name besides these words.
 */
const regionPattern =
  /^(?:[a-z]{2}(?:-gov|-iso[a-z]?)?|eusc-[a-z]{2})-(?:central|east|west|(?:north|south)(?:east|west)?)-\d{1,2}$/;

/** Partitions and the beginnings of their regions' names (AWS SDK, `partitions.json`); all others are `aws`. */
const partitions: readonly (readonly [partition: string, start: string])[] = [
  ['aws-cn', 'cn-'],
  ['aws-us-gov', 'us-gov-'],
  ['aws-iso-b', 'us-isob-'],
  ['aws-iso-e', 'eu-isoe-'],
  ['aws-iso-f', 'us-isof-'],
  ['aws-iso', 'us-iso-'],
  ['aws-eusc', 'eusc-'],
];

/** Every partition that AWS has. */
export const partitionNames: readonly string[] = ['aws', ...partitions.map(([partition]) => partition)];

export const isRegion = (text: string): boolean => regionPattern.test(text);

/** The partition that a region is in. */
export const partitionOf = (region: string): string =>
  partitions.find(([, start]) => region.startsWith(start))?.[0] ?? 'aws';
