/** The client that the Kafka runner is written for, and what its sources need where there is nothing prebuilt. */
export const needed = {
  package: '@confluentinc/kafka-javascript',
  version: '1.10.1',
  programs: ['g++', 'make', 'python3'],
  /** A header, and the Debian package that brings it. */
  headers: {
    'openssl/ssl.h': 'libssl-dev',
    'zlib.h': 'zlib1g-dev',
    'sasl/sasl.h': 'libsasl2-dev',
    'curl/curl.h': 'libcurl4-openssl-dev',
    'zstd.h': 'libzstd-dev',
  },
} as const
