using System.CommandLine;
using Teal.Benchmarks.Journal;
using Teal.Benchmarks.RabbitMq;

var root = new RootCommand("Measures parts of Teal against what they stand on.") { RabbitMqCommand.Create(), JournalCommand.Create() };
return await root.Parse(args).InvokeAsync();
