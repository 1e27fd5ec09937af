# Two stages: a static binary, then nothing but that binary. The runtime base
# has certificates, a user and /tmp, and no shell. Time zones are in the binary.
ARG BUILDER=docker.io/library/golang:1.26
ARG RUNTIME=gcr.io/distroless/static-debian13:nonroot

FROM ${BUILDER} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /out/veille ./cmd/veille \
 && mkdir -p /out/data

FROM ${RUNTIME} AS runtime
COPY --from=build /out/veille /veille
# A named volume takes its owner from here, so that the daemon may write to it.
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV VEILLE_DATA=/data VEILLE_CONFIG=/etc/veille/veille.yaml
VOLUME ["/data"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ["/veille", "healthcheck"]
ENTRYPOINT ["/veille"]
CMD ["run"]
