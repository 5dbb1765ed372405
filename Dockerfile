# The runners: compiled where a compiler is, run where none is, by a user who is not root.
FROM node:22-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
    g++ make python3 ca-certificates libssl-dev zlib1g-dev libsasl2-dev libcurl4-openssl-dev libzstd-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /franz
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY runners/kafka/client runners/kafka/client
RUN npm run setup:kafka && rm -rf runners/kafka/client/node_modules/@confluentinc/kafka-javascript/deps
COPY . .
RUN node bin/page.mjs && npm prune --omit=dev

FROM node:22-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
    ca-certificates libssl3 zlib1g libsasl2-2 libsasl2-modules libcurl4 libzstd1 \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir /data && chown node:node /data
COPY --from=build /franz /franz
USER node
WORKDIR /franz
# The Kafka client takes a thread for each of its calls; its many threads need not have memory of their own.
ENV NODE_ENV=production FRANZ_DATA=/data FRANZ_LOG_FORMAT=json UV_THREADPOOL_SIZE=16 MALLOC_ARENA_MAX=2
VOLUME /data
EXPOSE 8420
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:8420/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["bin/franz.mjs"]
CMD ["start", "--host", "0.0.0.0"]
