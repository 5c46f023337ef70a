import { HighlightStyle } from '@codemirror/language';
import { tags } from '@lezer/highlight';

/** The colours of CSS. They are in themeEditor.css, which has them for light and dark. */
export const THEME_HIGHLIGHTING = HighlightStyle.define([
  { tag: [tags.className, tags.tagName, tags.labelName, tags.attributeName], color: 'var(--code-selector)' },
  { tag: tags.constant(tags.className), color: 'var(--code-selector)' },
  { tag: tags.propertyName, color: 'var(--code-property)' },
  { tag: tags.variableName, color: 'var(--code-variable)' },
  { tag: [tags.atom, tags.number, tags.unit, tags.color, tags.keyword], color: 'var(--code-value)' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: [tags.definitionKeyword, tags.operatorKeyword, tags.modifier], color: 'var(--code-keyword)' },
  { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
]);
