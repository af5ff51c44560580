#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace sluice::runtime {

/// Text for operators: one JSON object a line, with time, level, service, instance, message and the fields given. The
/// trace id of the work in hand goes into field `trace_id`. Never a token, never a value of untrusted input beyond 1
/// KiB. From any thread.
class Log {
public:
    enum class Level { debug, info, warning, error };
    using Fields = std::map<std::string, std::string>;
    using Sink = std::function<void(std::string_view line)>;

    /// Lines go to stderr unless a sink is given.
    Log(std::string service, std::string instance, Level least = Level::info, Sink sink = {});

    void debug(std::string_view message, const Fields& fields = {}) const { write(Level::debug, message, fields); }
    void info(std::string_view message, const Fields& fields = {}) const { write(Level::info, message, fields); }
    void warning(std::string_view message, const Fields& fields = {}) const { write(Level::warning, message, fields); }
    void error(std::string_view message, const Fields& fields = {}) const { write(Level::error, message, fields); }

private:
    void write(Level level, std::string_view message, const Fields& fields) const;

    std::string service_, instance_;
    Level least_;
    Sink sink_;
};

/// The trace id of a W3C traceparent; empty where it is none.
std::string_view trace_id(std::string_view traceparent);

}  // namespace sluice::runtime
