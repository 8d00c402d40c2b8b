import click


@click.command()
@click.argument("path")
def run(path):
    click.echo(path.upper())
