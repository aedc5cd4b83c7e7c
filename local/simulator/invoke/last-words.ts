/** Where chat templates put what the user said last. */
const places = [
  /<\|im_start\|>user\n([\s\S]*?)<\|im_end\|>/g,
  /<\|(?:start_header_id|header_start)\|>user<\|(?:end_header_id|header_end)\|>\n\n([\s\S]*?)<\|eot(?:_id)?\|>/g,
  /<｜User｜>([\s\S]*?)(?=<｜|$)/g,
  /\[INST\]([\s\S]*?)\[\/INST\]/g,
  /\n\nHuman:([\s\S]*?)(?=\n\nAssistant:|$)/g,
];
const system = /<<SYS>>[\s\S]*?<<\/SYS>>/;

/** What the user said last in a prompt; all of it where no template can be seen. */
export function lastWords(prompt: string): string {
  for (const place of places) {
    const found = [...prompt.matchAll(place)].at(-1)?.[1];
    if (found !== undefined) return found.replace(system, '').trim();
  }
  return prompt.trim();
}
