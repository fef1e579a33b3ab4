// What no certificate can be made with — core

/** The authority or the request is at fault: it stays so until someone acts. */
export class IssueError extends Error {
  override readonly name = 'IssueError'
}
