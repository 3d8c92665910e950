/** How the model hub is reached: a mirror from the settings, a token from the editor's secret storage. */
import * as vscode from 'vscode';
import { hubUrl, usualHub } from '../../store/download/source-url';
import { settingOrDefault } from '../settings/read-setting';

const tokenKey = 'vitExplainer.hubToken';

export class HubAccess {
  constructor(private readonly secrets: vscode.SecretStorage) {}

  /** @throws Failure `setting-invalid` for a mirror that is no web address */
  get mirror(): string {
    return hubUrl(settingOrDefault('modelMirror')).href;
  }

  async token(): Promise<string | undefined> {
    return await this.secrets.get(tokenKey);
  }

  /** Asks for the token; an empty answer removes it. */
  async askForToken(): Promise<void> {
    const { host } = new URL(this.mirror);
    const answer = await vscode.window.showInputBox({
      title: 'Access Token for Models',
      prompt: `Sent to ${host} only, kept in the editor’s secret storage. Leave it empty to remove it.`,
      placeHolder: host === new URL(usualHub).host ? 'hf_…' : '',
      password: true,
      ignoreFocusOut: true,
    });
    if (answer === undefined) return;
    const token = answer.trim();
    await (token === '' ? this.secrets.delete(tokenKey) : this.secrets.store(tokenKey, token));
  }
}
