#include "services/listener/settings.hpp"

namespace sluice::listener {

void declare(app::Options& options, Settings& settings) {
    app::declare(options, settings.common, "listener");
    options.port(settings.port, "listener-port", "port for training jobs; 0 picks one");
    options.required(settings.artifacts_dir, "artifacts-dir", "folder of the artifact store");
    options.required(settings.tokens_file, "tokens-file", "file of subjects, roles and SHA-256 of bearer tokens");
    options.number(settings.upload_bytes_max, "listener-upload-bytes-max", "largest file that is taken", 1,
                   std::uint64_t{1} << 40);
}

}  // namespace sluice::listener
