#pragma once
#include "common/app/door.hpp"
#include "common/http/asio_executor.hpp"
#include "common/http/client.hpp"
#include "common/memory/ledger.hpp"
#include "common/runtime/loop.hpp"
#include "events/codec.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <future>
#include <thread>

// Several services on one ledger in memory, one thread, a clock that the test moves, and doors over real HTTP.
namespace sluice::tests {

using namespace std::chrono_literals;
using Json = nlohmann::json;

/// What all rooms share.
struct Town {
    std::unique_ptr<runtime::Executor> executor = http::make_executor();
    memory::Log log;
    core::Time now = 1'790'000'000'000;
    http::Tokens tokens = *http::Tokens::from(
        {who("reviewer-1", {"reviewer"}), who("reviewer-2", {"reviewer"}), who("operator-1", {"operator"}),
         who("auditor-1", {"auditor"}), who("application-1", {"application"}), who("both-1", {"trainer", "reviewer"})});

    template <class Fact> core::FactId put(core::FactId id, const Fact& fact, const std::string& actor = {}) {
        const core::Stamp stamp{id,    {}, id, {}, log.records().size(), now, "test", std::string(Fact::writer),
                                actor, {}};
        log.put(events::write(stamp, fact).value);
        return id;
    }

private:
    /// Everybody's token is their subject id.
    static http::Tokens::Entry who(const std::string& subject, std::set<std::string> roles) {
        return {subject, std::move(roles), core::sha256_hex(subject)};
    }
};

/// One service without its effects: the test pays what it asks for.
template <class Decider> class Room {
public:
    explicit Room(Town& town) : town_{town} {
        ledger_.on_news([this] { step(); });
        step();
    }

    void step() {
        while (!asleep && loop_.step(town_.now, true)) {
        }
        if (!asleep && after_) after_();
    }
    void wake() {
        asleep = false;
        step();
    }
    void after_step(std::function<void()> after) { after_ = std::move(after); }

    const typename Decider::State& state() const { return loop_.folded().state; }
    app::Desk<Decider> desk() { return {[this]() -> const auto& {return state(); }
    , [this] { return ledger_.trouble(); }, [this](auto saying, auto settled) {
        const bool taken = loop_.say(std::move(saying), town_.now, std::move(settled));
        town_.executor->post([this] { step(); });
        return taken;
    }
};
}  // namespace sluice::tests

/// Says the outcome of the one effect of this kind that it asked for.
template <class Effect, class Fact> void pay(const Fact& outcome) {
    for (const auto& [order, entry] : state().agenda.entries()) {
        if (!entry.is_effect() || !std::holds_alternative<Effect>(std::get<1>(entry.debt))) continue;
        const core::Stamp stamp{entry.id,  entry.cause, entry.correlation,          {}, town_.log.records().size(),
                                town_.now, "test",      std::string(Decider::name), {}, {}};
        return town_.log.put(events::write(stamp, outcome).value);
    }
    FAIL() << "asks for no " << Effect::name;
}

bool asleep = false;

private:
Town& town_;
memory::Ledger ledger_{town_.log, {{}, [this](auto work) { town_.executor->post(std::move(work)); }, {}}};
runtime::NoEffects<Decider> effects_;
runtime::Loop<Decider> loop_{ledger_, effects_, events::codec<Decider>(), core::Folded<Decider>{"test"}};
std::function<void()> after_;
}
;

/// A room with a door to the street.
template <class Decider, class Door> class House : public Room<Decider> {
public:
    explicit House(Town& town)
        : Room<Decider>{town}, door_{{this->desk(), *town.executor, town.tokens, "test"}}, server_{*town.executor} {
        this->after_step([this] { door_.look(); });
        door_.open(server_);
        port = *server_.listen("127.0.0.1", 0);
    }
    std::uint16_t port = 0;
    std::size_t waiting() const { return door_.waiting(); }

private:
    Door door_;
    http::Server server_;
};

struct Reply {
    int status = 0;
    Json body;
    http::Headers headers;
    std::string header(const std::string& name) const {
        for (const auto& [each, value] : headers)
            if (each == name) return value;
        return {};
    }
    std::string code() const { return body.is_object() ? body.value("code", "") : body.dump(); }
    /// "pointer code", one per problem.
    std::vector<std::string> errors() const {
        std::vector<std::string> found;
        for (const auto& each : body.value("errors", Json::array()))
            found.push_back(each.at("pointer").get<std::string>() + " " + each.at("code").get<std::string>());
        return found;
    }
};

/// From the test's own thread.
class Street : public testing::Test {
protected:
    Town town;

    void open() {
        thread_ = std::thread{[this] { town.executor->run(); }};
    }
    void close() {
        town.executor->stop();
        if (thread_.joinable()) thread_.join();
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

    static Reply ask(std::uint16_t port, std::string method, const std::string& path, std::string body,
                     const std::string& who, http::Headers headers = {}) {
        if (!who.empty()) headers.emplace_back("Authorization", "Bearer " + who);
        const auto answer = http::fetch(
            {std::move(method), "http://127.0.0.1:" + std::to_string(port) + path, std::move(headers), std::move(body)},
            20s);
        if (!answer) return {0, answer.failure().text(), {}};
        return {answer->status, Json::parse(answer->body, nullptr, false), answer->headers};
    }
    std::vector<std::string> types() {
        return there([this] {
            std::vector<std::string> found;
            for (const auto& record : town.log.records())
                found.push_back(Json::parse(record.value).at("type").get<std::string>().substr(10));
            return found;
        });
    }
    bool has_fact(const std::string& type) {
        for (const auto& each : types())
            if (each == type) return true;
        return false;
    }

private:
    std::thread thread_;
};

}  // namespace sluice::tests
