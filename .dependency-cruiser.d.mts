declare const rules: { forbidden: readonly object[]; options: object };
export default rules;
