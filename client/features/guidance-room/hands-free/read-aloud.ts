/** Says instructions aloud by the browser's own voices; a new one ends the one before. */
export class ReadAloud {
  static get isThere(): boolean {
    return 'speechSynthesis' in globalThis;
  }

  say(text: string, language: 'en' | 'zh'): void {
    if (!ReadAloud.isThere || text.trim() === '') return;
    this.stop();
    const said = new SpeechSynthesisUtterance(text);
    said.lang = language === 'zh' ? 'zh-CN' : 'en-GB';
    speechSynthesis.speak(said);
  }

  stop(): void {
    if (ReadAloud.isThere) speechSynthesis.cancel();
  }
}
