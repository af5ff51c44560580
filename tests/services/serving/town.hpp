#pragma once
#include "common/artifacts/folder.hpp"
#include "common/memory/ledger.hpp"
#include "common/memory/streams.hpp"
#include "common/prometheus/metrics.hpp"
#include "common/runtime/loop.hpp"
#include "events/codec.hpp"
#include "services/serving/node.hpp"
#include "tests/common/http/support.hpp"
#include "tests/services/serving/facts.hpp"

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sluice::serving {

using namespace std::chrono_literals;

inline std::string model_file(const std::string& name) {
    std::ifstream in(std::string(SLUICE_SOURCE_DIR) + "/tests/data/onnx/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// What came back.
struct Reply {
    int status = 0;
    std::string text;
    std::string header(const std::string& name) const {
        const auto at = text.find("\r\n" + name + ": ");
        if (at == std::string::npos) return {};
        const auto from = at + name.size() + 4;
        return text.substr(from, text.find("\r\n", from) - from);
    }
    std::string body() const { return text.substr(text.find("\r\n\r\n") + 4); }
    bool is(int wanted, const std::string& code) const {
        return status == wanted && text.find("\"code\":\"" + code + "\"") != std::string::npos;
    }
};

/// A keep-alive connection of an application.
class Application {
public:
    explicit Application(std::uint16_t port) : peer_{port} {}

    Reply ask(const std::string& body, const std::string& headers = {}, const std::string& to = "fraud",
              const std::string& token = "application-1") {
        peer_.send("POST /v1/endpoints/" + to + "/invocations HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer " +
                   token + "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                   "\r\n" + headers + "\r\n" + body);
        const auto text = peer_.response();
        return {http::status_of(text), text};
    }

private:
    http::Peer peer_;
};

/// One serving node on its own thread: a real server, a real store, real models; ledger and streams in memory.
class Town : public testing::Test {
protected:
    void TearDown() override {
        stop();
        server_.reset();
        node_.reset();
        std::filesystem::remove_all(dir_);
    }

    /// Puts bytes into the store; answers their digest.
    Digest stored(const std::string& bytes) {
        auto upload = *store_->begin(1 << 20);
        EXPECT_TRUE(upload->write(bytes));
        return {(*upload->finish()).digest};
    }
    /// A version of the model that is registered, approved and in the store.
    RouteTarget version(Version number, const std::string& file, const std::vector<Column>& columns = abc) {
        const auto digest = stored(model_file(file));
        say(registered(number, digest, columns));
        say(granted(number, digest));
        return {number, digest};
    }

    template <class Fact> void say(const Fact& fact) {
        core::Stamp stamp;
        stamp.id = {1, ++facts_}, stamp.cell = "test", stamp.service = std::string(Fact::writer);
        stamp.seen = facts_ - 1;
        there([&] { log_.put(events::write(stamp, fact).value); });
    }
    /// Says the route, and waits until it is applied or refused.
    void route(const Route& route) {
        say(RouteChanged{route});
        std::unique_lock hold{lock_};
        EXPECT_TRUE(news_.wait_for(hold, 20s, [&] { return settled_ >= route.revision; }));
    }

    void start() {
        node_ = std::make_unique<Node>(Node::Parts{*executor_, oper_log_, *metrics_, *store_, warm_up_, open_model_,
                                                   publisher_, subscriber_, loop_.folded().state, "node-1", 1000, 1ms});
        node_->residents().on_settled([this] {
            const std::scoped_lock hold{lock_};
            for (const auto& [name, of] : loop_.folded().state.routes) settled_ = std::max(settled_, of.revision);
            news_.notify_all();
        });
        ledger_.on_news([this] { step(); });
        server_ = std::make_unique<http::Server>(*executor_);
        node_->open(*server_, tokens_);
        port_ = *server_->listen("127.0.0.1", 0);
        executor_->post([this] { step(); });
        thread_ = std::thread{[this] { executor_->run(); }};
    }

    void stop() {
        executor_->stop();
        if (thread_.joinable()) thread_.join();
    }

    /// Runs `work` on the node's thread and waits for it; before start(), here.
    void there(const std::function<void()>& work) {
        if (!thread_.joinable()) return work();
        std::promise<void> done;
        executor_->post([&] {
            work();
            done.set_value();
        });
        done.get_future().wait();
    }

    void ledger_is_away(bool away) {
        there([&] { log_.set_reachable(!away); });
    }

    Reply ask(const std::string& body, const std::string& headers = {}) {
        return Application{port_}.ask(body, headers);
    }
    bool ready() {
        bool ready = false;
        there([&] { ready = !node_->unready(); });
        return ready;
    }

    /// All that the node has reported; the heartbeat has not to be waited for.
    std::vector<TelemetryWindow> windows() {
        std::vector<TelemetryWindow> windows;
        there([&] {
            for (std::int32_t partition = 0; partition < streams_.partitions(); ++partition)
                for (const auto& record : streams_.records("sluice.telemetry", partition))
                    windows.push_back(*events::from_json<TelemetryWindow>(record.value).value);
        });
        return windows;
    }
    std::string refusal() {
        for (const auto& window : windows())
            for (const auto& refused : window.refused) return refused.code;
        return "none";
    }

    Loader::WarmUp warm_up_ = [this](const auto&, auto done) {
        executor_->post([done] { done(app::WarmAnswer{app::Warmed{}}); });
    };
    OpenModel open_model_ = open_onnx;
    std::unique_ptr<runtime::Executor> executor_ = http::make_executor();
    memory::Streams streams_;
    std::uint16_t port_ = 0;
    std::filesystem::path dir_ = std::filesystem::temp_directory_path() /
                                 ("sluice-serving-" + std::to_string(::getpid()) + "-" + std::to_string(next()++));
    std::unique_ptr<artifacts::Folder> store_ = *artifacts::Folder::open(dir_.string());
    std::unique_ptr<Node> node_;

private:
    static int& next() {
        static int number = 0;
        return number;
    }
    /// Everybody's token is their subject id.
    static http::Tokens::Entry who(const std::string& subject, const std::string& role) {
        return {subject, {role}, core::sha256_hex(subject)};
    }
    void step() {
        while (loop_.step(0, true)) {
        }
        if (loop_.stopped()) throw std::logic_error(loop_.stopped()->text());
        if (loop_.at_the_end()) node_->follow();
    }

    http::Tokens tokens_ = *http::Tokens::from({who("application-1", "application"), who("trainer-1", "trainer")});
    runtime::Log oper_log_{"serving", "test", runtime::Log::Level::error, [](std::string_view) {}};
    std::unique_ptr<runtime::Metrics> metrics_ = prometheus::make_metrics();
    memory::Log log_;
    memory::Ledger ledger_{log_, {.post = [this](auto work) { executor_->post(std::move(work)); }}};
    runtime::NoEffects<Decider> effects_;
    runtime::Loop<Decider> loop_{ledger_, effects_, events::codec<Decider>(), core::Folded<Decider>{"test"}};
    memory::Publisher publisher_{streams_};
    memory::Subscriber subscriber_{streams_, "sluice.features"};
    std::unique_ptr<http::Server> server_;
    std::thread thread_;
    std::uint64_t facts_ = 0;

    std::mutex lock_;
    std::condition_variable news_;
    Revision settled_ = 0;
};

}  // namespace sluice::serving
