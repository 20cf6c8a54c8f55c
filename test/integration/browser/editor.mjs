/** The editor in the page, worked by keyboard: files, commands, what stands in the file that is open and in the status bar. */
import path from 'node:path';

/** Models are slow on a busy machine; nothing here measures time. */
const patience = { timeout: 240_000 };
const statusBar = '[id="joinery.joinery.joinery.status"], .statusbar-item[id*="joinery.status"]';

export class Editor {
  constructor(page) {
    this.page = page;
  }

  async text() {
    const lines = await this.page.locator('.editor-instance .view-line').evaluateAll((found) =>
      found
        .map((line) => ({ top: parseFloat(line.style.top), text: line.innerText }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return lines.join('\n').replaceAll('\u00a0', ' ').replaceAll('\u200b', '');
  }

  /** The search for files may still be at work when its first row is there; then Enter opens nothing, and is asked for again. */
  async open(file) {
    const tab = this.page.locator(`.tab.active[data-resource-name="${path.basename(file)}"]`);
    await this.#pick(file);
    const opened = await tab.waitFor({ timeout: 20_000 }).then(() => true, () => false); // prettier-ignore
    if (!opened) {
      await this.page.keyboard.press('Escape');
      await this.#pick(file);
      await tab.waitFor(patience);
    }
    await this.page.locator('.editor-instance .view-lines').first().click();
    await this.page.keyboard.press('Control+End');
  }

  async #pick(file) {
    await this.page.keyboard.press('Control+P');
    const input = this.page.locator('.quick-input-widget input').first();
    await input.waitFor(patience);
    await this.page.keyboard.type(file);
    await this.page
      .locator('.quick-input-list .monaco-list-row', { hasText: path.basename(file) })
      .first()
      .waitFor(patience);
    await this.page.keyboard.press('Enter');
  }

  /** An open list of commands does not learn of those that extensions bring later: it is opened anew. */
  async command(title) {
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    for (let tries = 0; ; tries++) {
      await this.page.keyboard.press('F1');
      await this.page.locator('.quick-input-widget input').first().waitFor(patience);
      await this.page.keyboard.type(title);
      const isThere = await row.waitFor({ timeout: tries < 10 ? 10_000 : patience.timeout }).then(() => true, () => tries === 10); // prettier-ignore
      if (isThere) break;
      await this.page.keyboard.press('Escape');
    }
    await this.page.keyboard.press('Enter');
  }

  async status(pattern) {
    await this.page.locator(statusBar).filter({ hasText: pattern }).waitFor(patience);
  }
}
