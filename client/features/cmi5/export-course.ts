import { saveFile } from '../../ui/index.ts';
import { cmi5 } from './cmi5.ts';
import { packageFile } from './package-file.ts';

/** Makes a package of a course and hands it to the browser to keep; its key is in it and told only now. Tells its file's name. */
export async function exportCourse(project: string, course: string, title: string): Promise<string> {
  const { zip } = await cmi5.package(project, { from: { course } });
  const name = packageFile(title);
  saveFile(name, zip);
  return name;
}
