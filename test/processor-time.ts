/**
 * How long this process has computed, in milliseconds. Unlike the clock it does not run while other programs have
 * the machine, so that a bound on it says something about the code; a test file has its process to itself.
 */
export function processorMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
