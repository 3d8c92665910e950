/**
 * ONNX Runtime 1.30 reports usage to its maker unless this variable is set before the native
 * library is loaded. Nothing of a person's work leaves the machine, so import this module first.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
