/** What was lost on the way to the client and back: each kind is one warning, however often it happened. */
export class Losses {
  /** Items of reasoning whose state did not open. */
  reasoning = 0;
  /** Calls whose ids carried reasoning once and do not any more. */
  calls = 0;
  /** Compaction items that did not open. */
  summaries = 0;

  warnings(): string[] {
    const why = 'another service made it, another key sealed it, or it was changed';
    return [
      ...(this.reasoning > 0
        ? [`the reasoning of ${this.reasoning} item(s) is left out: another model or ${why}`]
        : []),
      ...(this.calls > 0
        ? [
            `the reasoning of ${this.calls} tool call(s) is lost: the client cut their ids or changed them, or another key made them`,
          ]
        : []),
      ...(this.summaries > 0
        ? [`the summary of ${this.summaries} compaction item(s) is left out: ${why}`]
        : []),
    ];
  }
}
