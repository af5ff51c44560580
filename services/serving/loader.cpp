#include "services/serving/loader.hpp"

#include <utility>

namespace sluice::serving {
namespace {

constexpr std::uint64_t warm_rows = 1000;  // as many as a request may have

std::string name_of(const ModelVersion& which) { return which.model.text + "/" + std::to_string(which.version); }

std::vector<std::string> columns_of(const Shape& shape) {
    std::vector<std::string> names;
    for (const auto& column : shape.columns) names.push_back(column.text);
    return names;
}

}  // namespace

void Loader::load(Target target, std::function<void(Loaded)> done) {
    target_ = std::move(target);
    done_ = std::move(done);
    attempt_ = 1;
    read();
}

void Loader::read() {
    elsewhere([this, digest = target_.artifact.text] { return artifacts_.read(digest, artifact_bytes_max); },
              [this](core::Result<std::string> bytes) {
                  if (bytes) return warm_up(std::make_shared<const std::string>(*std::move(bytes)));
                  fail(artifacts_.has(target_.artifact.text) ? "artifact_unreadable" : "artifact_missing",
                       bytes.failure());
              });
}

void Loader::warm_up(std::shared_ptr<const std::string> bytes) {
    const auto path = artifacts_.path_of(target_.artifact.text);
    if (!path) return fail("artifact_unreadable", path.failure());
    const app::WarmRequest request{{*path, target_.artifact.text, columns_of(target_.shape)}, warm_rows};
    warm_up_(request, [this, bytes, weak = std::weak_ptr(alive_)](core::Result<app::WarmAnswer> answer) {
        if (weak.expired()) return;
        if (!answer) return fail("warm_up_failed", answer.failure());
        if (const auto* refused = std::get_if<app::Refused>(&*answer))
            return finish(Refusal{refused->code, name_of(target_.which) + ": " + refused->detail});
        open(bytes);
    });
}

void Loader::open(std::shared_ptr<const std::string> bytes) {
    elsewhere([this, bytes] { return open_(*bytes); },
              [this](core::Result<Opened> model) { opened(std::move(model)); });
}

void Loader::opened(core::Result<Opened> model) {
    if (!model) return fail("artifact_not_a_model", model.failure());
    const auto columns = target_.shape.columns.size();
    if (model->width != columns)
        return finish(Refusal{"width_differs", name_of(target_.which) + ": the model takes " +
                                                   std::to_string(model->width) + " features, its signature names " +
                                                   std::to_string(columns) +
                                                   "; register it again with a signature that fits"});
    finish(std::make_shared<const Resident>(std::move(target_), *std::move(model)));
}

void Loader::finish(Loaded loaded) { std::exchange(done_, nullptr)(std::move(loaded)); }

void Loader::fail(const char* code, const core::Failure& failure) {
    if (failure.kind == core::Failure::Kind::retryable && attempt_ < attempts_max) {
        ++attempt_;
        retry_ = executor_.after(pause_, [this] { read(); });
        return;
    }
    finish(Refusal{code, name_of(target_.which) + ": " + failure.text()});
}

}  // namespace sluice::serving
