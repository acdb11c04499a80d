/** What the server found wrong with a text: `tag_not_allowed b, unknown_variable x`. */
export function readProblems(told: string): { code: string; about: string }[] {
  return told
    .split(', ')
    .filter(Boolean)
    .map((problem) => {
      const [code = '', about = ''] = problem.split(' ')
      return { code, about }
    })
}
