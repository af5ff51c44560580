# One image with every program of Sluice; docker-compose.yml says which runs where.
FROM debian:12.11-slim AS build
WORKDIR /sluice
COPY dev.d/setup dev.d/setup
RUN bash dev.d/setup/apt_install.sh $(sed '/^#/d; s/^[^:]*://' dev.d/setup/packages.txt)
RUN dev.d/setup/fetch_onnxruntime.sh /sluice/.dev/onnxruntime
COPY . .
RUN cmake --preset release && cmake --build --preset release

FROM debian:12.11-slim
COPY dev.d/setup/apt_install.sh /tmp/
RUN bash /tmp/apt_install.sh ca-certificates curl libcurl4 libfmt9 libpq5 libpqxx-6.4 libprometheus-cpp-core1.0 \
        libprometheus-cpp-pull1.0 librdkafka1 librdkafka++1 libssl3 libyaml-cpp0.7 zlib1g \
    && rm -rf /var/lib/apt/lists/* /tmp/apt_install.sh
COPY --from=build /sluice/.dev/onnxruntime/lib/libonnxruntime.so.1 /usr/local/lib/
COPY --from=build /sluice/build/release/bin/ /usr/local/bin/
# A volume takes over the owner of the folder that it covers.
RUN ldconfig && useradd --uid 10001 --no-create-home sluice && install -d -o sluice /artifacts /state
ENV ORT_DISABLE_TELEMETRY=1
USER sluice
