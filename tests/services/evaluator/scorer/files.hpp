#pragma once
#include "common/app/scorer_wire.hpp"
#include "common/core/sha256.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sluice::scorer {

/// A folder for one test, and requests about the files in it.
class Files : public testing::Test {
protected:
    Files() {
        std::string name = (std::filesystem::temp_directory_path() / "sluice-scorer-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~Files() override { std::filesystem::remove_all(folder_); }

    /// score = sigmoid(0.5 a - b + 2 c + 0.25)
    static app::ModelFile model(const std::string& name = "linear.onnx",
                                std::vector<std::string> columns = {"a", "b", "c"}) {
        const auto path = std::string(SLUICE_SOURCE_DIR) + "/tests/data/onnx/" + name;
        std::ifstream in(path, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        return {path, core::digest_of(bytes), std::move(columns)};
    }

    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name, std::ios::binary) << text;
        return (folder_ / name).string();
    }

    app::EvaluateRequest request(const std::string& dataset,
                                 const std::string& probe = "a,b,c,score\n0,0,0,0.5621765\n",
                                 app::ModelFile which = model()) const {
        return {std::move(which),
                write("dataset.csv", dataset),
                core::digest_of(dataset),
                "is_fraud",
                0.5,
                write("probe.csv", probe),
                core::digest_of(probe),
                {}};
    }

    std::filesystem::path folder_;
};

inline const std::string good_dataset = "a,b,c,is_fraud\n0,0,0,0\n1,2,3,1\n-1,0.5,0,0\n4,0,-2,1\n";

}  // namespace sluice::scorer
