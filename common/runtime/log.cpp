#include "common/runtime/log.hpp"

#include "common/core/json_text.hpp"
#include "common/core/time.hpp"

#include <chrono>
#include <cstdio>

namespace sluice::runtime {
namespace {

constexpr std::size_t field_size_max = 1024;

std::string_view name_of(Log::Level level) {
    switch (level) {
        case Log::Level::debug: return "debug";
        case Log::Level::info: return "info";
        case Log::Level::warning: return "warning";
        case Log::Level::error: return "error";
    }
    return "error";
}

core::Time now() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

void to_stderr(std::string_view line) {
    // One call per line: lines of several threads do not mix.
    std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

Log::Log(std::string service, std::string instance, Level least, Sink sink)
    : service_{std::move(service)}, instance_{std::move(instance)}, least_{least}, sink_{std::move(sink)} {
    if (!sink_) sink_ = to_stderr;
}

void Log::write(Level level, std::string_view message, const Fields& fields) const {
    if (level < least_) return;
    std::string line = "{\"time\":" + core::json_string(core::rfc3339(now())) + ",\"level\":\"";
    line.append(name_of(level)).append("\",\"service\":").append(core::json_string(service_));
    line.append(",\"instance\":").append(core::json_string(instance_));
    line.append(",\"message\":").append(core::json_string(message));
    for (const auto& [name, value] : fields)
        line.append(",")
            .append(core::json_string(name))
            .append(":")
            .append(core::json_string(std::string_view(value).substr(0, field_size_max)));
    sink_(line.append("}\n"));
}

std::string_view trace_id(std::string_view traceparent) {
    return traceparent.size() == 55 && traceparent.starts_with("00-") ? traceparent.substr(3, 32) : std::string_view{};
}

}  // namespace sluice::runtime
