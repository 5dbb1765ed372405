// Files of JSON lines, in and out.
export { type FileSinkOptions, fileSink } from './sink.ts'
export { type FileSourceOptions, fileSource } from './source.ts'
