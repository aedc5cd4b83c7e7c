export const handler = async () => {
  const [{ loadProgram }, { loadSolver }] = await Promise.all([
    import('../../../lambda/sandbox/program.ts'),
    import('../../../lambda/sandbox/solver.ts'),
  ]);
  const { signal } = new AbortController();
  const said: string[] = [];
  const report = (message: string) => said.push(message);
  const program = await loadProgram(report).catch(() => undefined);
  const solver = await loadSolver(report).catch(() => undefined);
  return [
    (await program?.('console.log(6 * 7)', 5000, signal))?.output,
    await solver?.('(declare-const x Int)(assert (= x 42))(check-sat)(get-value (x))', 5000, signal),
    said,
  ];
};
