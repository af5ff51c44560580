#include "common/app/process.hpp"

#include "common/app/version.hpp"
#include "common/core/json_text.hpp"
#include "common/http/asio_executor.hpp"
#include "common/http/problem.hpp"
#include "common/json/tokens.hpp"
#include "common/prometheus/metrics.hpp"

#include <algorithm>
#include <csignal>
#include <iostream>
#include <vector>

namespace sluice::app {
namespace {

runtime::Log::Level level_of(const std::string& name) {
    if (name == "debug") return runtime::Log::Level::debug;
    if (name == "warning") return runtime::Log::Level::warning;
    if (name == "error") return runtime::Log::Level::error;
    return runtime::Log::Level::info;
}

constexpr std::chrono::milliseconds drain_time_max{3000};

bool fits_the_ledger(const std::string& subject) {
    return !subject.empty() && subject.size() <= 128 &&
           std::ranges::all_of(subject, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

void declare(Options& options, CommonSettings& settings, const std::string& service) {
    options.text(settings.cell, "cell", "business domain: one ledger and one set of services");
    options.text(settings.instance, "instance", "which instance of this service this is");
    options.required(settings.kafka_brokers, "kafka-brokers", "host:port of Kafka brokers, comma separated");
    options.text(settings.bind, "bind", "numeric address to listen on");
    options.port(settings.admin_port, service + "-admin-port", "port for health, metrics and agenda; 0 picks one");
    options.choice(settings.log_level, "log-level", "least level that is logged",
                   {"debug", "info", "warning", "error"});
}

struct Process::Parts {
    std::string service;
    CommonSettings settings;
    std::unique_ptr<runtime::Executor> executor = http::make_executor();
    runtime::Log log;
    std::unique_ptr<runtime::Metrics> metrics = prometheus::make_metrics();
    http::Server admin{*executor};
    http::Server door{*executor};
    std::vector<Check> checks;
    std::function<std::string()> agenda = [] { return std::string("[]"); };
    std::vector<std::function<void()>> stops;
    bool stopping = false;
    int exit_code = 0;

    Parts(std::string name, CommonSettings given)
        : service{std::move(name)},
          settings{std::move(given)},
          log{service, settings.instance, level_of(settings.log_level)} {}

    std::vector<core::Failure> unready() const {
        std::vector<core::Failure> found;
        for (const auto& check : checks)
            if (auto failure = check()) found.push_back(*std::move(failure));
        if (stopping) found.push_back(core::Failure::retryable("the service is stopping", "ask another instance"));
        return found;
    }

    http::Response readiness() const {
        const auto found = unready();
        if (found.empty()) return {200, {}, "application/json; charset=utf-8", R"({"status":"ready"})"};
        std::string text = R"({"status":"not ready","reasons":[)";
        for (const auto& failure : found)
            text += (&failure == found.data() ? "" : ",") + core::json_string(failure.text());
        return {503, {}, "application/json; charset=utf-8", text + "]}"};
    }

    void get(const std::string& path, std::function<http::Response()> answer) {
        admin.route({"GET", path, [answer](http::Request, const http::Respond& respond) { respond(answer()); }});
    }

    void serve_admin() {
        get("/livez", [] {
            return http::Response{200, {}, "application/json; charset=utf-8", R"({"status":"alive"})"};
        });
        get("/readyz", [this] { return readiness(); });
        get("/metrics", [this] {
            return http::Response{200, {}, "text/plain; version=0.0.4; charset=utf-8", metrics->expose()};
        });
        get("/version", [this] {
            return http::Response{200,
                                  {},
                                  "application/json; charset=utf-8",
                                  R"({"service":)" + core::json_string(service) + R"(,"version":)" +
                                      core::json_string(version) + R"(,"cell":)" + core::json_string(settings.cell) +
                                      R"(,"instance":)" + core::json_string(settings.instance) + "}"};
        });
        get("/agenda", [this] { return http::Response{200, {}, "application/json; charset=utf-8", agenda()}; });
    }

    void observe_door() {
        door.observe([this](const http::Served& served) {
            const runtime::Labels labels{
                {"method", served.method}, {"route", served.pattern}, {"status", std::to_string(served.status)}};
            metrics->counter("sluice_" + service + "_requests_total", "HTTP requests answered", labels).add();
            metrics
                ->histogram("sluice_" + service + "_request_seconds",
                            "time from a request's first byte to its answer's last", runtime::seconds_bounds,
                            {{"route", served.pattern}})
                .observe(std::chrono::duration<double>(served.took).count());
        });
    }

    void stop() {
        if (std::exchange(stopping, true)) return;
        log.info("stopping");
        executor->after(drain_time_max, [this] { executor->stop(); });
        door.drain([this] { executor->stop(); });
    }
};

Process::Process(std::string service, CommonSettings settings)
    : parts_{std::make_unique<Parts>(std::move(service), std::move(settings))} {
    parts_->serve_admin();
    parts_->observe_door();
    std::signal(SIGPIPE, SIG_IGN);
    parts_->executor->on_signal({SIGTERM, SIGINT}, [this](int) { parts_->stop(); });
}

Process::~Process() {
    while (!parts_->stops.empty()) {
        parts_->stops.back()();
        parts_->stops.pop_back();
    }
}

const std::string& Process::service() const { return parts_->service; }
const CommonSettings& Process::settings() const { return parts_->settings; }
runtime::Executor& Process::executor() { return *parts_->executor; }
const runtime::Log& Process::log() const { return parts_->log; }
runtime::Metrics& Process::metrics() { return *parts_->metrics; }
void Process::ready_when(Check check) { parts_->checks.push_back(std::move(check)); }
void Process::agenda_is(std::function<std::string()> text) { parts_->agenda = std::move(text); }
http::Server& Process::server() { return parts_->door; }
void Process::on_stop(std::function<void()> work) { parts_->stops.push_back(std::move(work)); }

void Process::serve(std::uint16_t port) {
    const auto bound = parts_->door.listen(settings().bind, port);
    if (!bound) return fail(bound.failure());
    log().info("listening", {{"address", settings().bind + ":" + std::to_string(*bound)}});
}

void Process::fail(const core::Failure& failure) {
    log().error(failure.what, {{"advice", failure.advice}});
    parts_->exit_code = 1;
    parts_->executor->post([this] { parts_->executor->stop(); });
}

int Process::run() {
    const auto bound = parts_->admin.listen(settings().bind, settings().admin_port);
    if (!bound)
        fail(bound.failure());
    else
        log().info("started",
                   {{"admin", settings().bind + ":" + std::to_string(*bound)}, {"version", std::string(version)}});
    parts_->executor->run();
    log().info("stopped");
    return parts_->exit_code;
}

core::Result<http::Tokens> read_tokens(const std::string& path) {
    auto entries = json::read_tokens(path);
    if (!entries) return entries.failure();
    std::vector<http::Tokens::Entry> known;
    for (auto& entry : *entries) {
        if (!fits_the_ledger(entry.subject))
            return core::Failure::fatal("the tokens file " + path + " has a subject that no fact can name",
                                        "subjects are 1 to 128 printable ASCII characters without blanks");
        known.push_back({entry.subject, entry.roles, entry.sha256});
    }
    return http::Tokens::from(std::move(known));
}

int refuse_to_start(const std::string& program, const core::Failure& failure) {
    std::cerr << program << ": " << failure.text() << '\n';
    return 1;
}

}  // namespace sluice::app
