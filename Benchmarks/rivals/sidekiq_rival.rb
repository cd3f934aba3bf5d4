# Sidekiq, one thread a call. It keeps no results: the job stores its answer itself, as the others' workers do.
# Worker: `sidekiq -r ./sidekiq_rival.rb -q bench`. Filling: `ruby sidekiq_rival.rb fill N`.
require 'json'
require 'sidekiq'
require 'sidekiq/client'

REDIS = { url: ENV.fetch('BENCH_REDIS'), driver: :hiredis }.freeze
UPSTREAM = "#{ENV.fetch('BENCH_UPSTREAM')}/v1/chat/completions".freeze
Sidekiq.configure_client { |config| config.redis = REDIS }
Sidekiq.configure_server { |config| config.redis = REDIS }
Sidekiq.logger.level = Logger::WARN

if ENV['BENCH_HTTP'] == 'net'
  require 'net/http/persistent'
  URL = URI(UPSTREAM)
  HTTP = Net::HTTP::Persistent.new(name: 'bench', pool_size: 200)

  def post(body)
    request = Net::HTTP::Post.new(URL, 'content-type' => 'application/json')
    request.body = body
    answer = HTTP.request(URL, request)
    raise "the stub answered #{answer.code}" unless answer.code == '200'

    answer.body
  end
else
  require 'curb'

  def post(body)
    handle = Thread.current[:handle] ||= Curl::Easy.new(UPSTREAM) do |curl|
      curl.headers = { 'content-type' => 'application/json', 'expect' => '' }
    end
    handle.http_post(body)
    raise "the stub answered #{handle.response_code}" unless handle.response_code == 200

    handle.body_str
  end
end

class Complete
  include Sidekiq::Worker
  sidekiq_options queue: 'bench', retry: 5

  def perform(body)
    answer = post(body)
    Sidekiq.redis { |connection| connection.setex("result:#{jid}", 3600, answer) }
  end
end

if ARGV[0] == 'fill'
  ARGV[1].to_i.times.each_slice(500) do |numbers|
    bodies = numbers.map do |number|
      [JSON.generate(model: 'gpt-4o', messages: [{ role: 'user', content: "#{number} ".ljust(1024, 'p') }])]
    end
    Sidekiq::Client.push_bulk('class' => Complete, 'args' => bodies)
  end
end
