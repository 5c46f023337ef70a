# The worker: docker build -t call-compositor . && docker run --init --read-only --tmpfs /tmp --cap-drop ALL \
#   --security-opt no-new-privileges --security-opt seccomp=docs/seccomp.json -v recordings:/recordings -e REDIS_URL=... call-compositor
# Chromium's own sandbox needs user namespaces, which Docker's default seccomp profile forbids and docs/seccomp.json allows.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .puppeteerrc.cjs ./
RUN npm ci
COPY tsconfig.json ./
COPY shared shared
COPY layout-app layout-app
COPY worker worker
RUN npm run build && npm prune --omit=dev

FROM node:22-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends chromium fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home recorder \
 && install -d -o recorder -g recorder -m 0700 /recordings
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# HOME is writable also where the root file system is not.
ENV NODE_ENV=production COMPOSITOR_RECORDINGS_DIR=/recordings HOME=/tmp
USER recorder
VOLUME /recordings
ENTRYPOINT ["node", "dist/worker/main.js"]
CMD ["worker"]
