/** Icons of pages on their tabs. A page cannot use the theme's icons there, so each has a picture for light and one for dark themes, high contrast included. */
import * as vscode from 'vscode';

export type PageIconName = 'answers' | 'graph' | 'results' | 'training';

export function pageIcon(extensionUri: vscode.Uri, name: PageIconName): { readonly light: vscode.Uri; readonly dark: vscode.Uri } {
  const picture = (theme: string): vscode.Uri => vscode.Uri.joinPath(extensionUri, 'media', 'icons', `${name}-${theme}.svg`);
  return { light: picture('light'), dark: picture('dark') };
}
