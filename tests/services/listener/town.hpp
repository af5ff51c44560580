#pragma once
#include "common/artifacts/folder.hpp"
#include "common/http/asio_executor.hpp"
#include "common/http/client.hpp"
#include "common/memory/ledger.hpp"
#include "common/memory/streams.hpp"
#include "common/prometheus/metrics.hpp"
#include "services/listener/api/door.hpp"
#include "tests/services/listener/completions.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>

namespace sluice::listener {

using namespace std::chrono_literals;

/// What all instances share: one thread, one ledger, one artifact store.
struct Town {
    std::unique_ptr<runtime::Executor> executor = http::make_executor();
    memory::Log log;
    std::function<memory::Fate()> fate = [] { return memory::Fate::lands; };
    std::filesystem::path dir = std::filesystem::temp_directory_path() /
                                ("sluice-listener-" + std::to_string(::getpid()) + "-" + std::to_string(next()++));
    std::unique_ptr<artifacts::Folder> store = *artifacts::Folder::open(dir.string());
    http::Tokens tokens =
        *http::Tokens::from({who("trainer-1", "trainer"), who("trainer-2", "trainer"), who("operator-1", "operator"),
                             who("auditor-1", "auditor"), who("application-1", "application")});
    ~Town() { std::filesystem::remove_all(dir); }

private:
    static int& next() {
        static int number = 0;
        return number;
    }
    /// Everybody's token is their subject id.
    static http::Tokens::Entry who(const std::string& subject, const std::string& role) {
        return {subject, {role}, core::sha256_hex(subject)};
    }
};

/// One instance of the listener.
class House {
public:
    House(Town& town, std::uint64_t upload_bytes_max) : town_{town}, door_{parts(upload_bytes_max)} {
        ledger_.on_news([this] { step(); });
        door_.open(server_);
        port = *server_.listen("127.0.0.1", 0);
        step();
    }

    std::unique_ptr<runtime::Metrics> metrics = prometheus::make_metrics();
    memory::Streams streams{1};
    std::uint16_t port = 0;
    std::size_t waiting() const { return door_.waiting(); }

private:
    Door::Parts parts(std::uint64_t upload_bytes_max) {
        const Desk desk{[this]() -> const State& { return loop_.folded().state; }, [this] { return ledger_.trouble(); },
                        [this](auto saying, const auto& settled) { return say(std::move(saying), settled); }};
        return {desk, *town_.executor, *town_.store, town_.tokens, *metrics, publisher_, "test", upload_bytes_max};
    }
    memory::Ledger::Options connection() {
        return {[this] { return town_.fate(); }, [this](auto work) { town_.executor->post(std::move(work)); }, {}};
    }
    void step() {
        while (loop_.step(town_.executor->now(), true)) {
        }
        door_.look();
    }
    bool say(runtime::Saying<Decider> saying, const runtime::Loop<Decider>::Settled& settled) {
        const bool taken = loop_.say(std::move(saying), town_.executor->now(), settled);
        town_.executor->post([this] { step(); });
        return taken;
    }

    Town& town_;
    memory::Ledger ledger_{town_.log, connection()};
    memory::Publisher publisher_{streams};
    runtime::NoEffects<Decider> effects_;
    runtime::Loop<Decider> loop_{ledger_, effects_, events::codec<Decider>(), core::Folded<Decider>{"test"}};
    Door door_;
    http::Server server_{*town_.executor};
};

struct Answer {
    int status = 0;
    Json body;
    http::Headers headers;
    std::string header(const std::string& name) const {
        for (const auto& [each, value] : headers)
            if (each == name) return value;
        return {};
    }
    /// "pointer code", one per problem.
    std::vector<std::string> errors() const {
        std::vector<std::string> found;
        for (const auto& each : body.value("errors", Json::array()))
            found.push_back(each.at("pointer").get<std::string>() + " " + each.at("code").get<std::string>());
        return found;
    }
};

class ListenerApi : public testing::Test {
protected:
    Town town;
    std::unique_ptr<House> house = std::make_unique<House>(town, 100'000);
    std::unique_ptr<House> other = std::make_unique<House>(town, 100'000);
    std::thread thread{[this] { town.executor->run(); }};

    void TearDown() override {
        town.executor->stop();
        thread.join();
        house.reset();
        other.reset();
    }

    /// Runs `work` where the services live.
    template <class Work> auto there(Work work) {
        std::packaged_task<decltype(work())()> task{std::move(work)};
        town.executor->post([&] { task(); });
        return task.get_future().get();
    }
    void until(const std::function<bool()>& holds) {
        while (!there(holds)) {
        }
    }

    static Answer ask(const House& at, std::string method, const std::string& path, std::string body,
                      http::Headers headers, const std::string& who = "trainer-1") {
        std::string content_type = "application/cloudevents+json";
        std::erase_if(headers, [&](const auto& header) {
            if (header.first == "content-type") content_type = header.second;
            return header.first == "content-type";
        });
        headers.emplace_back("Authorization", "Bearer " + who);
        const auto answer = http::fetch({std::move(method), "http://127.0.0.1:" + std::to_string(at.port) + path,
                                         std::move(headers), std::move(body), content_type},
                                        20s);
        if (!answer) return {0, answer.failure().text(), {}};
        return {answer->status, Json::parse(answer->body, nullptr, false), answer->headers};
    }
    Answer post(const std::string& body, http::Headers headers = {}, const std::string& who = "trainer-1") {
        return ask(*house, "POST", "/v1/events", body, std::move(headers), who);
    }
    Answer post(const char* body, http::Headers headers = {}) { return post(std::string(body), std::move(headers)); }
    Answer post(const Json& body, http::Headers headers = {}) { return post(body.dump(), std::move(headers)); }
    Answer put(const std::string& bytes, const std::string& who = "trainer-1") {
        return ask(*house, "PUT", "/v1/artifacts", bytes, {{"content-type", "application/octet-stream"}}, who);
    }
    Answer get_request(const std::string& id, const std::string& who = "auditor-1") {
        return ask(*house, "GET", "/v1/requests/" + id, {}, {}, who);
    }

    /// A completion whose files are in the store.
    Json whole() {
        auto data = completion();
        data["artifact"] = put("model").body;
        data["probe"]["digest"] = put("probe").body.at("digest");
        return data;
    }
    static Json started(const std::string& run = "r1") {
        return event({{"model", "fraud"}, {"run", {{"id", run}}}, {"job", "nightly"}}, run,
                     "io.sluice.training.started.v1");
    }

    std::vector<Json> ledger() {
        return there([this] {
            std::vector<Json> records;
            for (const auto& record : town.log.records()) records.push_back(Json::parse(record.value));
            return records;
        });
    }
    std::vector<std::string> types() {
        std::vector<std::string> found;
        for (const auto& record : ledger()) found.push_back(record.at("type"));
        return found;
    }
    std::vector<std::string> quarantined() {
        return there([this] {
            std::vector<std::string> values;
            for (const auto& record : house->streams.records("sluice.quarantine", 0)) values.push_back(record.value);
            return values;
        });
    }
    bool counted(const std::string& line) {
        return there([&] { return house->metrics->expose().find(line) != std::string::npos; });
    }
};

}  // namespace sluice::listener
