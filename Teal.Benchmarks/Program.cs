using System.CommandLine;
using Teal.Benchmarks.Floor;
using Teal.Benchmarks.Fuzz;
using Teal.Benchmarks.Journal;
using Teal.Benchmarks.Load;
using Teal.Benchmarks.Micro;
using Teal.Benchmarks.RabbitMq;

var root = new RootCommand("Measures parts of Teal against what they stand on.")
{
    LoadCommand.Create(), MicroCommand.Create(), RabbitMqCommand.Create(), JournalCommand.Create(), FuzzCommand.Create(),
    FloorCommand.Create(),
};

// What a command has started ends with it, also when it is interrupted.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
