/** One thing that was looked at. A note is no failure: something works less well, or could not be seen. */
export interface Finding {
  state: 'good' | 'note' | 'bad';
  text: string;
  todo?: string;
}
