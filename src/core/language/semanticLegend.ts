/** Kinds of names as the editor colours them: types and modifiers that every theme knows. */
export const semanticTypes = ['class', 'type', 'variable', 'property', 'function', 'parameter'] as const;
export const semanticModifiers = ['declaration', 'readonly', 'defaultLibrary'] as const;
