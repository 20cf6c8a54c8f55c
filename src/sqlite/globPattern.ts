/** Globs as people write them in settings: `*`, `**`, `?` and `{a,b}`. No negation and no character classes: those are read as text. */

/** Matches paths with forward slashes, relative to the folder that the glob is meant for. A glob without a slash fits at any depth. */
export function globPattern(glob: string): RegExp {
  const slashed = glob.replaceAll('\\', '/');
  const whole = slashed.replace(/^\.?\//, '');
  const anchored = slashed.includes('/') ? whole : `**/${whole}`;
  let depth = 0;
  const source = anchored.replace(/\*\*\/|\*\*|\*|\?|\{|\}|,|[.+^$()|[\]\\]/g, (part) => {
    switch (part) {
      case '**/':
        return '(?:.*/)?';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      case '{':
        depth++;
        return '(?:';
      case '}':
        if (depth === 0) return '\\}';
        depth--;
        return ')';
      case ',':
        return depth > 0 ? '|' : ',';
      default:
        return `\\${part}`;
    }
  });
  // A brace that is never closed stands for itself.
  return depth === 0 ? new RegExp(`^${source}$`, 'i') : new RegExp(`^(?:.*/)?${escape(whole)}$`, 'i');
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
