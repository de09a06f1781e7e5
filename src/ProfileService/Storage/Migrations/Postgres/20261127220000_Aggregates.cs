using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Aggregates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "aggregate_releases",
                columns: table => new
                {
                    number = table.Column<long>(type: "bigint", nullable: false),
                    lease = table.Column<string>(type: "text", nullable: false),
                    leased_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    made_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    epsilon_thousandths = table.Column<int>(type: "integer", nullable: false),
                    counts = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_aggregate_releases", x => x.number);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "aggregate_releases");
        }
    }
}
