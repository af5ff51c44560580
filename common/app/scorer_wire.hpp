#pragma once
#include "common/core/fields.hpp"
#include "common/core/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What a service and its child sluice-scorer say to each other: one JSON request on stdin, one JSON answer on stdout.
namespace sluice::app {

struct ModelFile {
    std::string artifact;  ///< path of the file
    std::string artifact_digest;
    std::vector<std::string> columns;  ///< the signature's inputs, in the order of the tensor's columns
    SLUICE_FIELDS(ModelFile, artifact, artifact_digest, columns)
};

struct EvaluateRequest {
    ModelFile model;
    std::string dataset;  ///< path of a CSV file with a header; an empty cell is a missing value
    std::string dataset_digest;
    std::string label;  ///< its column of zeros and ones
    double threshold = 0.5;
    std::string probe;  ///< path of a CSV file: the signature's columns, and `score`, the trainer's own
    std::string probe_digest;
    std::optional<ModelFile> champion;
    SLUICE_FIELDS(EvaluateRequest, model, dataset, dataset_digest, label, threshold, probe, probe_digest, champion)
};

struct WarmRequest {
    ModelFile model;
    std::uint64_t rows = 1000;  ///< of the batch that is scored after a single row
    SLUICE_FIELDS(WarmRequest, model, rows)
};

using ScorerRequest = std::variant<EvaluateRequest, WarmRequest>;

/// The model's or the data's fault. `code` begins with whose: artifact_, champion_, dataset_, probe_ or request_.
struct Refused {
    std::string code;
    std::string detail;  ///< a sentence, with advice
    SLUICE_FIELDS(Refused, code, detail)
};

struct Probed {
    std::uint64_t rows = 0;
    std::uint64_t different = 0;  ///< rows where the model's score and the trainer's lie more than 1e-4 apart
    double max_difference = 0;    ///< among rows where both are finite
    SLUICE_FIELDS(Probed, rows, different, max_difference)
};

using Metrics = std::map<std::string, double>;  ///< auc, log_loss, accuracy: all finite

struct Evaluated {
    std::uint64_t rows = 0;
    std::uint64_t positives = 0;
    Metrics metrics;
    std::uint64_t non_finite = 0;  ///< scores that are no finite number; each counts as the worst answer in `metrics`
    std::optional<Metrics> champion;  ///< on the same rows
    Probed probe;
    std::uint64_t batch_rows = 0;  ///< with `runtime`: what a repetition needs to come to the same bits
    std::string runtime;           ///< release of ONNX Runtime
    SLUICE_FIELDS(Evaluated, rows, positives, metrics, non_finite, champion, probe, batch_rows, runtime)
};

struct Warmed {
    std::uint64_t width = 0;
    std::uint64_t open_us = 0;
    std::uint64_t first_us = 0;  ///< the first row of all
    std::uint64_t one_us = 0;    ///< the next single row
    std::uint64_t batch_us = 0;
    std::string runtime;
    SLUICE_FIELDS(Warmed, width, open_us, first_us, one_us, batch_us, runtime)
};

using EvaluateAnswer = std::variant<Evaluated, Refused>;
using WarmAnswer = std::variant<Warmed, Refused>;

std::string encode(const ScorerRequest& request);
core::Result<ScorerRequest> decode_request(std::string_view text);

std::string encode(const Evaluated& answer);
std::string encode(const Warmed& answer);
std::string encode(const Refused& answer);
core::Result<EvaluateAnswer> decode_evaluated(std::string_view text);
core::Result<WarmAnswer> decode_warmed(std::string_view text);

/// Exit codes of the child that mean something; 0 goes with an answer.
inline constexpr int exit_try_again = 75;      ///< the disk or the machine, not the model: stderr says what
inline constexpr int exit_out_of_memory = 86;  ///< the limit on memory was reached

}  // namespace sluice::app
