/**
 * A GPU for tests on machines that have none: SwiftShader, the software Vulkan driver inside Debian's
 * chromium. Slow, but every kernel really runs.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import process from 'node:process';

const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** What the WebGPU provider lacks here, in words; undefined where it can run. */
export function gpuLacks(): string | undefined {
  if (existsSync('/dev/dri')) return undefined;
  if (!existsSync(driver)) return `there is neither a GPU nor ${driver} (package chromium)`;
  // Chromium loads the driver by itself; ONNX Runtime goes through the Vulkan loader.
  const libraries = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout;
  return libraries.includes('libvulkan.so.1')
    ? undefined
    : 'there is no Vulkan loader, libvulkan.so.1 (package libvulkan1)';
}

/** Lets ONNX Runtime find the software driver where there is no other. */
export function useSoftwareGpu(): void {
  if (existsSync('/dev/dri')) return;
  process.env.VK_ICD_FILENAMES = driver;
  process.env.XDG_RUNTIME_DIR ??= tmpdir();
}
