import { type ImageFamily, imageFamilies } from '../../lambda/models/images/families.ts';

/** What each model that draws takes, for docs/images.md. */
export const imageModelsTable = (): string =>
  [
    '| Model | Routes | Called in | Takes, beside the prompt | Formats |',
    '| --- | --- | --- | --- | --- |',
    ...imageFamilies.map(
      (family) =>
        `| ${family.title} | ${family.tasks.map((task) => (task === 'edit' ? 'edits' : 'generations')).join(', ')} | ${family.regions.join(', ')} | ${takes(family)} | ${family.formats.join(', ')} |`,
    ),
  ].join('\n');

function takes({ prompt, images, mask, options, required = [] }: ImageFamily): string {
  const needed = required.map((one) => `one of ${one.map((name) => `\`${name}\``).join(', ')}`);
  return [
    ...(prompt === 'none'
      ? ['(it takes no prompt)']
      : prompt === 'optional'
        ? ['(which it can do without)']
        : []),
    ...(images.length > 1
      ? [`${images.length} images, ${images.map((name) => `\`${name}\``).join(' then ')}`]
      : []),
    ...(mask ? ['`mask`'] : []),
    ...options.map((name) => `\`${name}\``),
    ...(needed.length > 0 ? [`needed: ${needed.join('; ')}`] : []),
  ].join(', ');
}
