import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Installs packages of Debian where that is possible: with apt-get, as root or by a sudo that asks
 * nothing. Whether they are there afterwards is the caller's to see.
 * @param {readonly string[]} packages
 */
export function installWithApt(packages) {
  const isRoot = process.getuid?.() === 0;
  if (packages.length === 0 || !existsSync('/usr/bin/apt-get') || !(isRoot || canSudo())) return;
  console.error(`Installing ${packages.join(', ')} with apt-get …`);
  const [command, ...before] = isRoot ? ['apt-get'] : ['sudo', '-n', 'apt-get'];
  const apt = (...args) =>
    spawnSync(command, [...before, '-o', 'DPkg::Lock::Timeout=600', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages);
  if (!install()) {
    apt('update');
    install();
  }
}

function canSudo() {
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
}
