// Uploads a file with tus-js-client and says what happens, one line each; for UploadingWithTusJsClientTests.
// usage: node tus-upload.mjs ENDPOINT KEY FILE [--resume URL] [--stall-at BYTES] [--chunk-size BYTES]
import { createReadStream, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { parseArgs } from 'node:util'
import { Upload } from 'tus-js-client'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { resume: { type: 'string' }, 'stall-at': { type: 'string' }, 'chunk-size': { type: 'string' } },
})
const [endpoint, key, path] = positionals
const size = statSync(path).size
const stallAt = Number(values['stall-at'] ?? Infinity)

// Sends no more from some byte on, as a laptop that is closed, and waits to be killed.
async function* upTo(file, bytes) {
  for await (const chunk of file) {
    if (chunk.length >= bytes) {
      yield chunk.subarray(0, bytes)
      console.log('stalled')
      await new Promise(() => {})
    }
    bytes -= chunk.length
    yield chunk
  }
}

const fileReader = {
  openFile: async () => ({
    size,
    slice: async (start, end) => {
      const file = createReadStream(path, { start, end: end - 1 })
      const value = Readable.from(upTo(file, stallAt - start), { objectMode: false })
      value.size = Math.min(end, size) - start
      return { value, done: end >= size }
    },
    close: () => {},
  }),
}

const upload = new Upload(createReadStream(path), {
  endpoint,
  uploadUrl: values.resume,
  chunkSize: Number(values['chunk-size'] ?? Infinity),
  headers: { Authorization: `Bearer ${key}` },
  metadata: { filename: path.split('/').at(-1) },
  retryDelays: [0, 200, 500, 1000, 2000],
  fileReader,
  onUploadUrlAvailable: () => console.log(`url ${upload.url}`),
  onBeforeRequest: (request) =>
    console.log(`${request.getMethod()} ${request.getHeader('Upload-Offset') ?? ''}`.trim()),
  onSuccess: ({ lastResponse }) => console.log(`sha256 ${lastResponse.getHeader('Checkpoint-Sha256')}`),
  onError: (error) => {
    console.log(`failed ${error}`)
    process.exitCode = 1
  },
})
upload.start()
